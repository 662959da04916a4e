export { agentHooks } from './agent-hooks.ts';
export { askCollector } from './ask.ts';
export { serveDevices } from './device-routes.ts';
export { migrations } from './migrations.ts';
export { relayedRun } from './relay.ts';
export { serveCollectors } from './routes.ts';
export { forgetCollectors } from './store.ts';
export { watchCollectors } from './watch.ts';
