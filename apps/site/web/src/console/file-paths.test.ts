import { expect, test } from 'vitest';
import { folderOf, joinPath, nameOf, wayOf } from './file-paths.ts';

test.for([
  ['/', 'var', '/var', ['/', '/var']],
  ['/var/log', 'a b\\c', '/var/log/a b\\c', ['/', '/var', '/var/log', '/var/log/a b\\c']],
  ['C:\\', 'Users', 'C:\\Users', ['C:\\', 'C:\\Users']],
  ['C:\\Users', 'Dora Ä', 'C:\\Users\\Dora Ä', ['C:\\', 'C:\\Users', 'C:\\Users\\Dora Ä']],
  ['\\\\files\\share', 'x', '\\\\files\\share\\x', ['\\\\files\\', '\\\\files\\share', '\\\\files\\share\\x']],
] as const)('in %s lies %s, and every folder on the way can be gone back to', ([folder, name, path, way]) => {
  expect(joinPath(folder, name)).toBe(path);
  expect(nameOf(path)).toBe(name);
  expect(wayOf(path).map((one) => one.path)).toEqual(way);
});

test('a folder is what is left of a path without its name', () => {
  expect(['/var/log/a', '/a', 'C:\\Users\\a'].map(folderOf)).toEqual(['/var/log', '/', 'C:\\Users']);
});
