import { contract } from '@gatehouse/vault-kit/testing';
import { smallState } from './fake.ts';
import { subjectWith } from './test/subject.ts';

/** One of each way: KV, a library, a dynamic role, a certificate. */
contract({
  ...subjectWith({ databaseStaticRoles: '' }),
  fake: () => {
    const state = smallState();
    state.secrets.delete('hosts/web1/deploy');
    return subjectWith({}, state).fake();
  },
});
