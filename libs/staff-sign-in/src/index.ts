export { signIn, SignInRefused, type SignedIn, type SignInOptions } from './sign-in.ts';
