/** The package's version; a test holds it equal to package.json's, which is not read at each start. */
export const version = '0.1.0';
