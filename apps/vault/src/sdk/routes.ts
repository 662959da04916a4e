import type { App, Server } from '@gatehouse/server';
import { actionsOf } from './actions.ts';
import { serveJsonFaces } from './json-faces.ts';
import type { SdkParts } from './operation.ts';
import { serveSoap } from './soap/routes.ts';

/** Below this the server compares paths without case, so routes are written in lower case. */
export const sdkPath = '/erpmwebservice/';

/** The SDK web services: every action on every face. */
export const serveSdk = ({ app, baseUrl }: Server, parts: SdkParts): void => {
  const actions = actionsOf(parts);
  const below = { prefix: sdkPath.slice(0, -1) };
  // The scope is the same instance; only the type of the provider is lost on the way.
  app.register(async (scope) => serveJsonFaces(scope as unknown as App, actions), below);
  app.register(async (scope) => serveSoap(scope as unknown as App, actions, baseUrl), below);
};
