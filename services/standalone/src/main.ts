import { parseConfig } from './config.ts';
import { runInTerminal } from './terminal.ts';

const help = `npm start: the whole platform on this machine.

  WARDLINE_PORT          console, REST API and carrier webhooks (default 8080)
  WARDLINE_MEDIA_PORT    the carrier's media stream (default: a free one)
  WARDLINE_DATA          folder of all local state (default .wardline in the checkout)
  TELNYX_API_KEY, TELNYX_PUBLIC_KEY, TELNYX_API_BASE, WARDLINE_PUBLIC_URL, WARDLINE_MEDIA_PUBLIC_URL
                         a real carrier; without them a simulated one is started
  WARDLINE_DEMO=0        no demo hospitals
`;

await runInTerminal({ help, parse: () => parseConfig() });
