export { FakeRecogniser, type ScriptedRecognition } from './fake-recogniser.ts';
export { FakeSynthesiser } from './fake-synthesiser.ts';
export { FakeVad } from './fake-vad.ts';
export { describeRecogniser, describeSynthesiser, describeVad } from './conformance.ts';
