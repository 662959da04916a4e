export { serveDiscovery } from './routes.ts';
