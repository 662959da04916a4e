import { contract } from '@gatehouse/vault-kit/testing';
import { smallState } from './fake.ts';
import { subjectWith } from './test/subject.ts';

/** One of each way: a password, a key, one that needs approval. */
const oneOfEach = () => {
  const state = smallState();
  const accounts = state.accounts.filter(({ id }) => [10, 11, 12].includes(id));
  state.accounts.splice(0, Number.POSITIVE_INFINITY, ...accounts);
  return state;
};

contract({
  ...subjectWith({ preferKeys: true, showApproval: false }),
  fake: () => subjectWith({}, oneOfEach()).fake(),
});
