export { type TierReason, type Translation, translateRule } from './translate.ts';
