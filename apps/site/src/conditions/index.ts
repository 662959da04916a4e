export { proveSaid, refuseMissing, type Said } from './said.ts';
export { findHeldRules, findTerms, type Terms } from './terms.ts';
