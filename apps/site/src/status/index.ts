export { type StatusParts, serveStatus } from './routes.ts';
