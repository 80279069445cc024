/** The scripts that conversation-brain follows. Fake: `startFakeFlows`. */
export interface FlowCatalogue {
  /** The newest version; undefined when there is no such script. */
  newest(
    tenantId: string,
    flowId: string,
  ): Promise<{ version: number; leavesVoicemail: boolean } | undefined>;
}
