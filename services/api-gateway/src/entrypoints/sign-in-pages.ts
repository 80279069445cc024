import type { ProviderPages } from '../ports/identity-provider.ts';

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? '');

/** The console's colours and shapes (services/console/src/styles/tokens.css): signing in is its first page. */
const style = `
:root { color-scheme: light dark; font-family: 'Inter Variable', Inter, system-ui, sans-serif; line-height: 1.45;
  --page: light-dark(#f2f5f4, #0e1312); --card: light-dark(#fff, #171e1c); --line: light-dark(#dde4e1, #2a3431);
  --edge: light-dark(#7f8e89, #6c7d77); --ink: light-dark(#14201d, #e8efed); --soft: light-dark(#52625d, #9fb0ab);
  --accent: light-dark(#0f6b5c, #4cc2ab); --on-accent: light-dark(#fff, #06231e);
  --bad: light-dark(#a4262c, #ff9d9d); --bad-wash: light-dark(#fbe6e6, #431c1e); }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--ink); }
main { width: min(24rem, calc(100vw - 2rem)); padding: 2rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 14px; box-shadow: 0 1px 2px rgb(0 0 0 / 6%), 0 8px 24px rgb(0 0 0 / 5%); }
h1 { margin: 0; font-size: 1.5rem; letter-spacing: -0.02em; }
p { margin: 0.4rem 0 0; color: var(--soft); }
form { display: grid; gap: 1rem; margin: 1.25rem 0 0; }
label { display: grid; gap: 0.3rem; font-size: 0.92rem; font-weight: 600; }
input { font: inherit; font-weight: 400; padding: 0.55rem 0.75rem; border: 1px solid var(--edge); border-radius: 8px;
  background: var(--card); color: var(--ink); width: 100%; }
button, .button { font: inherit; font-weight: 600; padding: 0.6rem 1rem; border: 1px solid var(--accent);
  border-radius: 8px; background: var(--accent); color: var(--on-accent); cursor: pointer; text-decoration: none;
  text-align: center; display: block; }
.quiet { background: none; color: var(--accent); }
.form-error { margin: 0; color: var(--bad); background: var(--bad-wash); border-radius: 8px; padding: 0.6rem 0.75rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 8px; }
.mark { width: 1.6em; height: 1.6em; vertical-align: -0.4em; }
.mark rect { fill: var(--accent); }
.mark path { fill: none; stroke: var(--on-accent); stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; }
`;

const mark =
  '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"/><path d="M6 17h4l2.5-7 4 14 3.5-10 2 3h4"/></svg>';

const page = (title: string, content: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} · Wardline</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<style>${style}</style>
</head>
<body>
<main>
<h1>${mark} Wardline</h1>
${content}
</main>
</body>
</html>
`;

/** The form of the sign-in. It works without script. */
export const signInPage = (o: { readonly login?: string; readonly problem?: string } = {}): string =>
  page(
    'Sign in',
    `<p>Sign in to see your clinic’s calls.</p>
<form method="post">
<label>E-mail<input name="login" type="email" autocomplete="username" required maxlength="200" value="${escaped(o.login ?? '')}"${o.login ? '' : ' autofocus'}></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required maxlength="200"${o.login ? ' autofocus' : ''}></label>
${o.problem === undefined ? '' : `<p class="form-error" role="alert">${escaped(o.problem)}</p>`}
<button type="submit">Sign in</button>
</form>`,
  );

/** The sign-in was begun too long ago, or in another browser. */
export const signInOverPage = (): string =>
  page(
    'Sign in again',
    `<p>This sign-in has run out. Please begin again.</p>
<form><a class="button" href="/">Begin again</a></form>`,
  );

export const providerPages: ProviderPages = {
  error: ({ code, detail }) =>
    page(
      'Not possible',
      `<p>You could not be signed in.</p>
<form><p class="form-error" role="alert">${escaped(detail || code)}</p><a class="button" href="/">Begin again</a></form>`,
    ),
  logout: (form) =>
    page(
      'Sign out',
      `<p>Sign out of Wardline on this computer?</p>
${form}
<form><button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
<a class="button quiet" href="/">Stay signed in</a></form>`,
    ),
  loggedOut: () =>
    page('Signed out', `<p>You are signed out.</p>\n<form><a class="button" href="/">Sign in</a></form>`),
};
