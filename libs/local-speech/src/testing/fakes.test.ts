import { tone } from '@wardline/audio/testing';
import {
  describeRecogniser,
  describeSynthesiser,
  describeVad,
  FakeRecogniser,
  FakeSynthesiser,
  FakeVad,
} from './index.ts';

describeVad('FakeVad', async () => ({
  vad: new FakeVad(),
  speech: tone({ hz: 300, sampleRateHz: 8000, ms: 1000 }),
}));

describeRecogniser('FakeRecogniser', async () => {
  const recogniser = new FakeRecogniser();
  const say = async (text: string): Promise<Int16Array> => {
    recogniser.willHear(text);
    return tone({ hz: 300, sampleRateHz: 8000, ms: 1500 });
  };
  return { recogniser, say };
});

describeSynthesiser('FakeSynthesiser', async () => new FakeSynthesiser());
