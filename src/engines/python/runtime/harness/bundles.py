class _Bundle:
    def __init__(self, spec):
        self.sources = {each["name"]: (each["file"], each["code"]) for each in spec["modules"]}
        self.compiled = {}
        self.models = {}
        for model in spec["dataModels"]:
            if model["enabled"]:
                for log_type in model["logTypes"]:
                    self.models.setdefault(log_type, _Model(model, self))
        tables = [_LookupTable(each) for each in spec.get("lookupTables", ()) if each["enabled"]]
        self.tables = {table.name: table for table in tables}

    def code(self, name):
        """
        The file and the code of a module, compiled once. Each who asks gets code of its own: it is fast only for one module, as
        Python notes in it where the names of that are.
        """
        file, text = self.sources[name]
        code = self.compiled.get(name)
        if code is None:
            code = self.compiled[name] = marshal.dumps(compile(text, file, "exec"))
        return file, marshal.loads(code)

    def parts(self):
        """What rules come across of it that could be changed; as `_parts`."""
        yield self.sources, "the modules of the repository", (), False
        yield self.compiled, "the modules of the repository", (), True
        yield self.models, "the data models", (), False
        yield self.tables, "the lookup tables", (), False
        for model in self.models.values():
            label = f"data model {model.id}"
            yield model.paths, label, (), False
            yield model.methods, label, (), False
        for table in self.tables.values():
            label = f"lookup table {table.name}"
            yield table.selectors, label, (), False
            yield table.rows, label, (), False
            yield table.networks, label, (), False
            for row in table.rows.values():
                yield row, label, (), False


_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+|\*|'[^']*'|\"[^\"]*\")\]")


def _steps(path):
    text = path.strip()
    if text.startswith("$"):
        text = text[1:]
    steps = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None:
            raise ValueError(f"selector {path!r} is not understood")
        name, bracket = found.groups()
        if name is not None:
            steps.append(name)
        elif bracket == "*":
            steps.append(None)
        else:
            steps.append(int(bracket) if bracket.isdigit() else bracket[1:-1])
        at = found.end()
    return steps


def _follow(value, steps):
    from collections.abc import Mapping, Sequence

    for place, step in enumerate(steps):
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, Mapping) else None
        elif not isinstance(value, Sequence) or isinstance(value, str):
            return None
        elif step is None:
            reached = (_follow(item, steps[place + 1:]) for item in value)
            return next((item for item in reached if item is not None), None)
        else:
            value = value[step] if step < len(value) else None
        if value is None:
            return None
    return value


class _Model:
    """A data model: how unified names are read from one log type's events."""

    def __init__(self, spec, bundle):
        self.id = spec["id"]
        self.bundle = bundle
        self.source = spec.get("module")
        self.paths = {each["name"]: each["query"] for each in spec["mappings"] if "query" in each}
        self.methods = {each["name"]: each["method"] for each in spec["mappings"] if "method" in each}
        self.module = None

    def __contains__(self, key):
        return key in self.paths or key in self.methods

    def node(self, key, data):
        """What the path of a name finds in an event's plain data; None where there is no path, or it finds nothing."""
        path = self.paths.get(key)
        if path is None:
            return None
        found = reach(path, data)
        if len(found) > 1:
            raise Exception(f"the path of {key!r} in data model {self.id} finds {len(found)} values")
        return found[0] if found else None

    def full_path(self, node):
        return full_path(node)

    def method(self, key):
        """The method that a name is mapped to; None where it is mapped to none."""
        name = self.methods.get(key)
        if name is None:
            return None
        if self.module is None:
            if self.source is None:
                raise AttributeError(f"data model {self.id} names method {name!r} and has no Python file")
            file = self.source["file"]
            code = compile(self.source["code"], file, "exec")
            self.module = _World(self.bundle).run(self.source["name"], file, code)
        return getattr(self.module, name)


class _LookupTable:
    """Rows by their primary key. Keys that are networks are found by the addresses in them, the narrowest first."""

    def __init__(self, spec):
        self.name = spec["name"]
        self.key = spec["primaryKey"]
        self.selectors = {each["logType"]: each["fields"] for each in spec["selectors"]}
        self.rows = {}
        self.networks = []
        for row in spec["rows"]:
            key = row.get(self.key)
            if key is None:
                continue
            self.rows.setdefault(str(key), row)
            if "/" in str(key):
                self._add_network(str(key), row)
        self.networks.sort(key=lambda each: -each[0].prefixlen)

    def _add_network(self, text, row):
        import ipaddress

        try:
            self.networks.append((ipaddress.ip_network(text, strict=False), row))
        except ValueError:
            pass

    def row(self, key):
        found = self.rows.get(str(key))
        if found is not None or not self.networks:
            return found
        import ipaddress

        try:
            address = ipaddress.ip_address(str(key))
        except ValueError:
            return None
        return next((row for network, row in self.networks if address in network), None)

    def matches(self, event, selector):
        """The row, or for a list the rows, that a selector's value leads to; each says which value that was."""
        steps = _steps(selector) if selector.startswith("$") else [selector]
        value = _follow(event, steps)
        if isinstance(value, list):
            rows = [self._matched(item) for item in value]
            return [row for row in rows if row is not None] or None
        return self._matched(value)

    def _matched(self, value):
        if value is None or isinstance(value, (dict, list)):
            return None
        row = self.row(value)
        return None if row is None else {**row, "p_match": value}


def _enriched(bundle, data, log_type):
    """The event with what the lookup tables of its log type say of it; itself where that is nothing or it was done before."""
    if not bundle.tables or not isinstance(data, dict) or "p_enrichment" in data:
        return data
    found = {}
    for table in bundle.tables.values():
        for selector in table.selectors.get(log_type, ()):
            matched = table.matches(data, selector)
            if matched is not None:
                found.setdefault(table.name, {})[selector.removeprefix("$.")] = matched
    return {**data, "p_enrichment": found} if found else data
