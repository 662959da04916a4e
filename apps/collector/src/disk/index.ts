export { type Disk, exists, isDiskFull, realDisk, replaceFile } from './disk.ts';
