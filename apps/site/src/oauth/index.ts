export { admitProgram } from './admit.ts';
export { sendOAuthError } from './answer.ts';
export { type Caller, identifyAccount } from './identify.ts';
export { toProgram } from './issue.ts';
export { OAuthError } from './oauth-error.ts';
export { perAddress, serveOAuth } from './routes.ts';
export { type Account, findAccounts } from './store.ts';
