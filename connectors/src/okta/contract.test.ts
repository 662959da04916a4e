import { contract } from '@gatehouse/connector-kit/testing';
import { fakeOkta } from './fake.ts';
import { okta } from './okta.ts';

const { clientId, privateKey } = fakeOkta().authorization;

contract(okta, {
  fake: () => fakeOkta(),
  settings: (origin) => ({ domain: origin, clientId, privateKey }),
});
