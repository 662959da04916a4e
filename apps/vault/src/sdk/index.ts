export type { JobDoor } from './job-door.ts';
export { migrations } from './migrations.ts';
export { sdkPath, serveSdk } from './routes.ts';
