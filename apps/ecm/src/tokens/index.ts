export { createTokenCache } from './token-cache.ts';
export { clearTokens } from './token-files.ts';
export { findTokenKey, type TokenKey, tokenKeyName } from './token-key.ts';
