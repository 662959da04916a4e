import { contract } from '@gatehouse/vault-kit/testing';
import { smallVault } from './fake.ts';
import { subjectWith } from './test/subject.ts';

/** One of each way: random with a spin, a key, one that needs approval, a shared one. */
const oneOfEach = () => {
  const state = smallVault();
  const accounts = state.accounts.filter(({ name }) => ['root', 'deploy', 'breakglass', 'jamos'].includes(name));
  state.accounts.splice(0, Number.POSITIVE_INFINITY, ...accounts);
  return state;
};

contract({
  ...subjectWith({ sharedCredentialLists: true, spinJobs: true }),
  fake: () => subjectWith({}, oneOfEach()).fake(),
  person: 'test_user@ns.example',
});
