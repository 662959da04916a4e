export { serveConfiguration } from './serve.ts';
