export { actorOfPerson } from './actor-of-person.ts';
export { forgetOldFailures } from './failed-logins.ts';
export { impersonate, type Login, type SignedIn, type SignInParts, signIn, toActor } from './sign-in.ts';
export { endOldTokens, endToken, holderOf, type TokenHolder, tokenLife } from './tokens.ts';
