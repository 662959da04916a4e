export type {
  Answer,
  AnswerHead,
  Explanation,
  Host,
  Http,
  HttpOptions,
  LimitState,
  OutgoingRequest,
  Refusal,
  RequestOptions,
  Wait,
} from './host.ts';
export type { Cursor, Page } from './page.ts';
