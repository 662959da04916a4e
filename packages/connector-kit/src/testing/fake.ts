export {
  type Dialect,
  type FakeAnswer,
  type FakeVendor,
  fakeVendor,
  type Paging,
  type SeenRequest,
} from './fake-vendor.ts';
export type { Asked, Nearby, Refusing, RunningFake, VendorFake } from './vendor-fake.ts';
