import type { PageProps } from '../shell/pages.ts';
import { CallPage } from './call-page.tsx';
import { CallHistory } from './call-history.tsx';
import './calls.css';

/** All calls, or one of them: "/calls" and "/calls/ID". */
export default function CallsPage({ rest }: PageProps) {
  return rest[0] ? <CallPage key={rest[0]} id={rest[0]} /> : <CallHistory />;
}
