export { createTokenCache } from './token-cache.ts';
export { clearTokens } from './token-files.ts';
export { findTokenKey, tokenKeyName } from './token-key.ts';
