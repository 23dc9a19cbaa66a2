/** Where builds read and write; nothing here loads CDKTF. */

/** Where a build reads and writes. */
export interface BuildPaths {
  /** The policy file. Default: `EGRESS_CONFIG`, else `egress.yaml`. */
  readonly config?: string;
  /** The output folder. Default: `CDKTF_OUTDIR`, else `cdktf.out`. */
  readonly outdir?: string;
}

/** The paths with their defaults filled in. A variable that is set to nothing, as pipelines do, is not set. */
export function buildPaths(paths: BuildPaths = {}): { readonly config: string; readonly outdir: string } {
  return {
    config: paths.config ?? (process.env.EGRESS_CONFIG || 'egress.yaml'),
    outdir: paths.outdir ?? (process.env.CDKTF_OUTDIR || 'cdktf.out'),
  };
}
