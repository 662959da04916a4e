export { type Authenticator, softwareAuthenticator } from './authenticator.ts';
export { type Answer, type AskOptions, type TestClient, testClient } from './client.ts';
export { type FakeOidc, fakeOidc, type OidcPerson } from './fake-oidc.ts';
export { accept, ok, type TestProgram, testProgram } from './test-program.ts';
export {
  type SignedIn,
  type TestServer,
  type TestServerOptions,
  testPassword,
  testServer,
  tokenOf,
} from './test-server.ts';
export { totpCode } from './totp.ts';
