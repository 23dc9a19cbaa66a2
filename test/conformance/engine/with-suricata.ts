/** A test that needs the engine; the global setup has said why when there is none. */
export const withSuricata: jest.It = process.env.SURICATA_MISSING ? test.skip : test;
