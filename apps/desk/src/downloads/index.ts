export { serveDownloads } from './routes.ts';
