export { CarrierPeer, type ReceivedFrame } from './carrier-peer.ts';
export { FakeBrain, type BrainConversation } from './fake-brain.ts';
export { FakeSpeech, hum } from './fake-speech.ts';
export { signStreamToken } from './stream-token.ts';
