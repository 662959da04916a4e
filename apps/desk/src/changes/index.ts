export { askForChanges } from './ask.ts';
export { serveChanges } from './routes.ts';
