import MagentaCLI

await Magenta.execute()
