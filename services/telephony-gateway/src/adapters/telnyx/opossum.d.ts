// The package ships no types. What we use of it: https://nodeshift.dev/opossum/
declare module 'opossum' {
  interface CircuitBreakerOptions {
    timeout?: number | false;
    errorThresholdPercentage?: number;
    volumeThreshold?: number;
    rollingCountTimeout?: number;
    resetTimeout?: number;
    /** True for errors that say nothing against the called side. */
    errorFilter?: (error: unknown) => boolean;
  }
  export default class CircuitBreaker<A extends unknown[], R> {
    constructor(action: (...args: A) => Promise<R>, options?: CircuitBreakerOptions);
    fire(...args: A): Promise<R>;
    shutdown(): void;
  }
}
