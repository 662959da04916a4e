import { chmod, open, readFile, stat } from 'node:fs/promises';
import { StartFault } from '@gatehouse/database';

/** The text of a file that holds a key, mode 0600; makes it where there is none. A file that others may read is refused. */
export const readOwnFile = async (path: string, make: () => string): Promise<string> => {
  await createOnce(path, make);
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new StartFault(
      `Others may read ${path}. Close it with chmod 600, or choose another folder with --home.`,
      '--home',
    );
  }
  return await readFile(path, 'utf8');
};

/** Never overwrites: a lost key is lost settings. */
const createOnce = async (path: string, make: () => string): Promise<void> => {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(make());
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(path, 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new StartFault(
      `The key file ${path} cannot be written (${why}). Choose another folder with --home.`,
      '--home',
      { cause: error },
    );
  }
};
