package dev.godwit.local.demo;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** What the staff department does. */
final class StaffActions {
    static final List<TrafficAction.Weighted> ALL = List.of(
            new TrafficAction.Weighted("salary", 6, StaffActions::raise),
            new TrafficAction.Weighted("profile", 4, StaffActions::changeProfile),
            new TrafficAction.Weighted("photo", 3, StaffActions::changePhoto),
            new TrafficAction.Weighted("take over email", 2, StaffActions::takeOverEmail),
            new TrafficAction.Weighted("swap emails", 2, StaffActions::swapEmails),
            new TrafficAction.Weighted("transfer", 5, StaffActions::transfer),
            new TrafficAction.Weighted("hire", 3, StaffActions::hire),
            new TrafficAction.Weighted("leave", 2, StaffActions::leave));

    private static final String UPDATE = "UPDATE migration_schema.employees SET ";
    private static final String OF_ID = ", version = version + 1 WHERE id = ?";

    private StaffActions() {}

    /** Leaves profile and photo alone, which may be stored out of line. */
    private static void raise(TrafficTransaction transaction) throws SQLException {
        BigDecimal more = transaction.dice().money(1, 100_000);
        transaction.update(
                more,
                UPDATE + "salary = salary + ?, changed_at = ?" + OF_ID,
                more,
                TrafficTransaction.now(),
                transaction.anyId("employees"));
    }

    private static void changeProfile(TrafficTransaction transaction) throws SQLException {
        Dice dice = transaction.dice();
        transaction.update(
                BigDecimal.ZERO,
                UPDATE + "profile = CAST(? AS jsonb), skills = ?, full_name = ?, active = ?" + OF_ID,
                SampleValues.json(dice),
                SampleValues.skills(dice),
                SampleValues.fullName(dice),
                dice.percent(90),
                transaction.anyId("employees"));
    }

    private static void changePhoto(TrafficTransaction transaction) throws SQLException {
        Dice dice = transaction.dice();
        transaction.update(
                BigDecimal.ZERO,
                UPDATE + "photo = ?" + OF_ID,
                dice.percent(30) ? dice.bytes(8_000) : SampleValues.bytes(dice),
                transaction.anyId("employees"));
    }

    /** Id and email of two employees, locked in the order of their ids; null if there are no two. */
    private static List<Object[]> lockTwo(TrafficTransaction transaction) throws SQLException {
        List<Object[]> two = transaction.query(
                "SELECT id, email FROM migration_schema.employees WHERE id IN (?, ?) ORDER BY id FOR UPDATE",
                transaction.anyId("employees"),
                transaction.anyId("employees"));
        return two.size() == 2 ? two : null;
    }

    private static void setEmail(TrafficTransaction transaction, Object employee, Object email) throws SQLException {
        transaction.update(BigDecimal.ZERO, UPDATE + "email = ?" + OF_ID, email, employee);
    }

    /** A unique value that one row gives up and another one takes. */
    private static void takeOverEmail(TrafficTransaction transaction) throws SQLException {
        List<Object[]> two = lockTwo(transaction);
        if (two != null) {
            setEmail(transaction, two.get(0)[0], null);
            setEmail(transaction, two.get(1)[0], two.get(0)[1]);
        }
    }

    /** Two rows whose unique values change places: no order of single-row writes of the final values does it. */
    private static void swapEmails(TrafficTransaction transaction) throws SQLException {
        List<Object[]> two = lockTwo(transaction);
        if (two != null) {
            setEmail(transaction, two.get(0)[0], null);
            setEmail(transaction, two.get(1)[0], two.get(0)[1]);
            setEmail(transaction, two.get(0)[0], two.get(1)[1]);
        }
    }

    /** An employee changes departments, and the budget with them. */
    private static void transfer(TrafficTransaction transaction) throws SQLException {
        Long one = transaction.anyId("departments");
        Long other = transaction.anyId("departments");
        if (one == null || one.equals(other)) {
            return;
        }
        BigDecimal amount = transaction.dice().money(1, 100_000);
        // In the order of their ids, so that two transfers do not wait for each other.
        book(transaction, Math.min(one, other), amount);
        book(transaction, Math.max(one, other), amount.negate());
        transaction.update(
                BigDecimal.ZERO,
                UPDATE + "department_id = ?" + OF_ID,
                Math.min(one, other),
                transaction.anyId("employees"));
    }

    private static void book(TrafficTransaction transaction, long department, BigDecimal amount) throws SQLException {
        transaction.update(
                amount,
                "UPDATE migration_schema.departments SET budget = budget + ?, version = version + 1 WHERE id = ?",
                amount,
                department);
    }

    private static void hire(TrafficTransaction transaction) throws SQLException {
        Dice dice = transaction.dice();
        long id = transaction.newId("employees");
        BigDecimal salary = dice.money(2_000_000, 15_000_000);
        transaction.insert(
                salary,
                "INSERT INTO migration_schema.employees (id, region, department_id, manager_id, email,"
                        + " full_name, salary, hired_on,"
                        + " active, skills, profile, photo, badge, changed_at, version)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS jsonb), ?, ?, ?, 0)",
                id,
                transaction.region(),
                transaction.anyId("departments"),
                transaction.anyId("employees"),
                transaction.newEmail(id),
                SampleValues.fullName(dice),
                salary,
                TrafficTransaction.now().toLocalDate(),
                true,
                SampleValues.skills(dice),
                SampleValues.json(dice),
                SampleValues.bytes(dice),
                UUID.randomUUID(),
                TrafficTransaction.now());
    }

    /** Orders lose their clerk, subordinates get the next manager up, and the employee is gone. */
    private static void leave(TrafficTransaction transaction) throws SQLException {
        Long employee = transaction.anyId("employees");
        List<Object[]> locked = transaction.query(
                "SELECT manager_id FROM migration_schema.employees WHERE id = ? FOR UPDATE", employee);
        if (locked.isEmpty() || locked.get(0)[0] == null) {
            return; // gone already, or nobody to report to instead
        }
        transaction.update(
                BigDecimal.ZERO,
                "UPDATE migration_schema.orders SET employee_id = NULL, version = version + 1 WHERE employee_id = ?",
                employee);
        transaction.update(
                BigDecimal.ZERO,
                UPDATE + "manager_id = ?, version = version + 1 WHERE manager_id = ?",
                locked.get(0)[0],
                employee);
        transaction.delete("DELETE FROM migration_schema.employees WHERE id = ? RETURNING version, salary", employee);
    }
}
