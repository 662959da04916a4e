export { serveDownloads } from './routes.ts';
export { serveTranscripts } from './transcript-routes.ts';
