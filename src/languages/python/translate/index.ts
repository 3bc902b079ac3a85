export { moduleScope } from './module-scope.ts';
export { type Never, type TierReason, type Translation, translateRule } from './translate.ts';
export { unknownAttributes } from './unknown-attributes.ts';
