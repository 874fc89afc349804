from unittest.mock import patch

from odoo.service.model import call_kw

from .common import SalesDeptCommon


class GateBypassCase(SalesDeptCommon):
    """Every path on which people and programs bring a document of any model through a gate, against that gate.

    A gate's test class says what it is: which document, the values that tell that it is through, the button, the
    sentence, how it is met, and the method that, taken away, leaves nothing to hold it. Paths of one model alone
    are tests in a subclass for that model.
    """

    # Not a test of its own: the classes of the gates are.
    allow_inherited_tests_method = True
    model = None
    # Values of a document that is through.
    through = {}
    # Method of the button, called over RPC too.
    button = None
    # What is refused says this (a regular expression).
    sentence = None
    # Name of the method that holds.
    gate = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls._switch_on()

    # === WHAT THE GATE'S CLASS SAYS === #

    @classmethod
    def _switch_on(cls):
        raise NotImplementedError

    @classmethod
    def _create_gated(cls, **vals):
        """Return a document of the account manager's that the gate holds."""
        raise NotImplementedError

    def _creation_values(self):
        """Values with which an account manager creates such a document."""
        raise NotImplementedError

    def _meet(self, document):
        raise NotImplementedError

    def _miss(self, document):
        """Have a document that met the gate miss it again."""
        raise NotImplementedError

    def _open_gate(self, records, *args, **kwargs):
        """What the method `gate` returns where nothing is held."""
        return {}

    def _people(self):
        """Users who may press the button."""
        return [self.manager1, self.director, self.gm]

    # === HELPERS === #

    def _gate_away(self):
        case = self
        return patch.object(
            self.registry[self.model],
            self.gate,
            lambda records, *args, **kwargs: case._open_gate(records, *args, **kwargs),
        )

    def _press(self, document):
        return getattr(document, self.button)()

    def _is_through(self, document):
        return all(document[name] == value for name, value in self.through.items())

    def assertHeld(self, document, path):
        """`path`, a function of the document, is refused with the sentence and leaves the document where it is."""
        with self.assertRefused(self.sentence):
            path(document)
        self.assertFalse(self._is_through(document))

    def check_path(self, path):
        """`path` is refused, leads through with the gate away, and leads through once the gate is met."""
        self.assertHeld(self._create_gated().with_user(self.manager1), path)
        with self._gate_away():
            document = self._create_gated().with_user(self.manager1)
            path(document)
            self.assertTrue(self._is_through(document), "nothing else stops it")
        document = self._create_gated()
        self._meet(document)
        path(document.with_user(self.manager1))
        self.assertTrue(self._is_through(document))

    def _call(self, document, method, *args, **kwargs):
        """Call a method of `document` as a client would over RPC; return what the client gets."""
        result = call_kw(document.browse(), method, [document.ids, *args], kwargs)
        document.invalidate_recordset()
        return result

    # === PATHS === #

    def test_button(self):
        document = self._create_gated()
        people = self._people()
        self.assertTrue(people)
        for user in people:
            with self.subTest(user=user.login):
                self.assertHeld(document.with_user(user), self._press)
        self.check_path(self._press)

    def test_written(self):
        self.check_path(lambda document: document.write(self.through))

    def test_created(self):
        """No document begins on the other side: by values, by the context's defaults, as a copy."""
        Model = self.env[self.model].with_user(self.manager1)
        values = self._creation_values()
        document = self._create_gated().with_user(self.manager1)
        defaults = {f"default_{name}": value for name, value in self.through.items()}
        paths = {
            "values": lambda: Model.create({**values, **self.through}),
            "defaults": lambda: Model.with_context(**defaults).create(dict(values)),
            "copy": lambda: document.copy(dict(self.through)),
            "as superuser": lambda: Model.sudo().create({**values, **self.through}),
            "one of several": lambda: Model.create([dict(values), {**values, **self.through}]),
            "over RPC": lambda: call_kw(Model, "create", [{**values, **self.through}], {}),
            "web form": lambda: call_kw(Model, "web_save", [[], {**values, **self.through}], {"specification": {}}),
        }
        for name, path in paths.items():
            with self.subTest(path=name), self.assertRefused(self.sentence):
                path()
        with self._gate_away():
            self.assertTrue(self._is_through(Model.create({**values, **self.through})), "nothing else stops it")

    def test_imported(self):
        def load(document):
            return document.load(
                [".id", *self.through], [[str(document.id), *(str(value) for value in self.through.values())]]
            )

        document = self._create_gated().with_user(self.manager1)
        result = load(document)
        self.assertFalse(result["ids"])
        self.assertRegex(result["messages"][0]["message"], self.sentence)
        self.assertFalse(self._is_through(document))
        self._meet(document)
        self.assertTrue(load(document)["ids"])
        self.assertTrue(self._is_through(document))

    def test_called_over_rpc(self):
        self.check_path(lambda document: self._call(document, self.button))
        document = self._create_gated().with_user(self.manager1)
        self.assertHeld(document, lambda document: self._call(document, "write", self.through))
        self.assertHeld(document, lambda document: self._call(document, "web_save", self.through, specification={}))

    def test_context_of_a_client(self):
        context = {
            "skip_gate": True,
            "force": True,
            "install_mode": True,
            "import_file": True,
            "module": "x",
            "active_test": False,
            "tracking_disable": True,
            "mail_notrack": True,
            "uid": 1,
            "su": True,
        }
        document = self._create_gated().with_user(self.manager1)
        self.assertHeld(document, lambda document: self._call(document, self.button, context=context))
        self.assertHeld(document, lambda document: self._call(document, "write", self.through, context=context))

    def test_programs(self):
        """Another addon as superuser, an automation and a scheduled action of the administrator's."""
        document = self._create_gated()
        self.assertHeld(document.sudo(), self._press)
        self.assertHeld(document.sudo(), lambda document: document.write(self.through))
        action = self.env["ir.actions.server"].create(
            {
                "name": "By a program",
                "model_id": self.env["ir.model"]._get_id(self.model),
                "state": "code",
                "code": f"env[{self.model!r}].browse({document.id}).{self.button}()",
            }
        )
        scheduled = self.env["ir.cron"].create(
            {
                "name": "By the clock",
                "model_id": self.env["ir.model"]._get_id(self.model),
                "state": "code",
                "code": action.code,
                "interval_type": "days",
            }
        )
        for program in (action, scheduled.ir_actions_server_id):
            self.assertHeld(document, lambda _document, program=program: program.with_user(self.env.user).sudo().run())
        self._meet(document)
        action.sudo().run()
        document.invalidate_recordset()
        self.assertTrue(self._is_through(document))

    def test_several_at_once(self):
        """All or none: one that is held holds those beside it."""
        ready, held = self._create_gated(), self._create_gated()
        self._meet(ready)
        both = (ready | held).with_user(self.manager1)
        for path in (lambda: self._press(both), lambda: both.write(self.through)):
            with self.assertRefused(self.sentence):
                path()
            self.assertFalse(self._is_through(ready))
            self.assertFalse(self._is_through(held))

    def test_missed_again(self):
        document = self._create_gated()
        self._meet(document)
        self._miss(document)
        self.assertHeld(document.with_user(self.manager1), self._press)
