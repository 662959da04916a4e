import { contract } from '@gatehouse/connector-kit/testing';
import { newAppKey } from './fake/keys.ts';
import { fakeGithub, smallOrganisation } from './fake.ts';
import { github } from './github.ts';

const { privateKey } = newAppKey();
const make = () => fakeGithub(smallOrganisation(), { privateKey });

contract(github, { fake: make, settings: (origin) => make().settings(origin) });
