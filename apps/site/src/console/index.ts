export { serveConsole } from './routes.ts';
