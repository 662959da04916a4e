import { contract } from '@gatehouse/connector-kit/testing';
import { fakePasswordSafe } from './fake.ts';
import { passwordSafe } from './password-safe.ts';

const password = 'pwd-of-the-run-as-user';

contract(passwordSafe, {
  fake: () => fakePasswordSafe(undefined, { password }),
  settings: (origin) => fakePasswordSafe(undefined, { password }).settings(origin),
});
