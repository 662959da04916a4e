export { copyJumpItem } from './copy.ts';
export { splitHostname } from './hostname.ts';
export { migrations } from './migrations.ts';
export { jumpItems, jumpoints } from './model.ts';
