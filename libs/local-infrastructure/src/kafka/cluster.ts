/** What these servers say while they start; any structured logger fits. */
export interface InfrastructureLogger {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

/** In kafkajs' own spelling, so that it can be handed to it as it is. */
export interface KafkaCredentials {
  readonly mechanism: 'scram-sha-512' | 'scram-sha-256' | 'plain';
  readonly username: string;
  readonly password: string;
}

export interface KafkaNode {
  /** `node.id`, from 1 on. */
  readonly id: number;
  /** `host:port` of this broker's client listener; the same after a restart. */
  readonly broker: string;
  /** Undefined in a container, whose processes are the engine's. */
  readonly pid: number | undefined;
  readonly running: boolean;
  /** SIGKILL: as if the power went. */
  kill(): Promise<void>;
  /** A controlled shutdown; SIGKILL when it takes longer than this (default 8,000). */
  stop(graceMs?: number): Promise<void>;
  /** Starts it again on the same data and port; resolves when the cluster counts it in. */
  start(): Promise<void>;
}

export interface KafkaCluster {
  /** `host:port` of every broker. */
  readonly brokers: readonly string[];
  /** The brokers to do harm to; none when the cluster is somebody else's (`via: 'environment'`). */
  readonly nodes: readonly KafkaNode[];
  readonly via: 'environment' | 'docker' | 'java';
  /**
   * The superuser; undefined when the cluster asks nobody who they are. Each look gives a new object, because kafkajs
   * writes its authenticator into the one it is given: changing the password of that one changes nothing.
   */
  readonly sasl: KafkaCredentials | undefined;
  /** Ends every broker; removes the data unless a folder was given for it. */
  stop(): Promise<void>;
}

export interface StartKafkaOptions {
  /** One node, or three with replication 3 and at least 2 in sync. Each is broker and controller. */
  readonly brokers?: 1 | 3;
  /** Keeps the data in this folder over stops and starts; a temporary one otherwise. With it, Docker is not used. */
  readonly dataDir?: string;
  /**
   * SCRAM-SHA-512 (or PLAIN) for clients and access by ACL only. Always a cluster of our own, since somebody else's superuser is not
   * ours. Default false.
   */
  readonly sasl?: boolean;
  /** With `sasl`: more principals, known from the start and allowed nothing until an ACL says so. */
  readonly users?: readonly { readonly username: string; readonly password: string }[];
  /** Never the cluster of KAFKA_BROKERS: for who kills brokers. Default false. */
  readonly own?: boolean;
  /** Heap of each node. Default 384. */
  readonly heapMb?: number;
  /** More or other broker settings, by their names in `server.properties`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default 120,000: a first start may share the machine with a whole test run. */
  readonly startDeadlineMs?: number;
  readonly logger?: InfrastructureLogger;
}
