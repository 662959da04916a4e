export { actorOfIdentity, actorOfPerson } from './actor-of-person.ts';
export { forgetOldFailures } from './failed-logins.ts';
export { impersonate, type SignedIn, signIn } from './sign-in.ts';
export { endOldTokens, endToken, holderOf } from './tokens.ts';
