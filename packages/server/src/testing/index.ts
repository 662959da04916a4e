export { type Answer, type AskOptions, type TestClient, testClient } from './client.ts';
export {
  type SignedIn,
  type TestServer,
  type TestServerOptions,
  testPassword,
  testServer,
  tokenOf,
} from './test-server.ts';
