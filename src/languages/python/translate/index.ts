export { moduleScope } from './module-scope.ts';
export { type Never, neverTrue, type TierReason, type Translation, translateRule } from './translate.ts';
export { unknownAttributes } from './unknown-attributes.ts';
