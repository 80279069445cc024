export declare const SOUNDS_FOLDER: string;
export declare const SOUNDS_PACKAGE: string;
export declare const SOUNDS_CREDIT: string;
export declare const SAMPLE_RATE_HZ: number;
export declare function humanWords(): string[];
export declare function humanSpeechInstalled(folder?: string): boolean;
export declare function clipsFor(words: readonly string[]): string[];
export declare function buildHumanLine(
  words: readonly string[],
  options?: { readonly gapMs?: number; readonly folder?: string },
): Int16Array;
export declare function wavFile(samples: Int16Array): Uint8Array;
