import { contract } from '@gatehouse/connector-kit/testing';
import { activeDirectory } from './active-directory.ts';
import { fakeActiveDirectory } from './test/vendor.ts';

contract(activeDirectory, {
  fake: fakeActiveDirectory,
  settings: (origin) => fakeActiveDirectory().settings(origin),
});
