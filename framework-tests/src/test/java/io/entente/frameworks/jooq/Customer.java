package io.entente.frameworks.jooq;

import java.math.BigDecimal;
import org.jooq.Identity;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.impl.DSL;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jooq.impl.UpdatableRecordImpl;

/** As jOOQ's code generator writes it, shortened. */
final class Customer extends TableImpl<Customer.Row> {

    private static final long serialVersionUID = 1;

    static final Customer CUSTOMER = new Customer();

    final TableField<Row, Long> id =
            createField(DSL.name("id"), SQLDataType.BIGINT.nullable(false).identity(true), this);
    final TableField<Row, String> name =
            createField(DSL.name("name"), SQLDataType.VARCHAR(100).nullable(false), this);
    final TableField<Row, BigDecimal> credit =
            createField(DSL.name("credit"), SQLDataType.DECIMAL(12, 2).nullable(false), this);
    final TableField<Row, Long> version = createField(DSL.name("version"), SQLDataType.BIGINT.nullable(false), this);

    private Customer() {
        super(DSL.name("customer"));
    }

    @Override
    public Class<Row> getRecordType() {
        return Row.class;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Identity<Row, Long> getIdentity() {
        return (Identity<Row, Long>) super.getIdentity();
    }

    @Override
    public UniqueKey<Row> getPrimaryKey() {
        return Internal.createUniqueKey(this, DSL.name("pk_customer"), id);
    }

    @Override
    public TableField<Row, Long> getRecordVersion() {
        return version;
    }

    static final class Row extends UpdatableRecordImpl<Row> {

        private static final long serialVersionUID = 1;

        Row() {
            super(CUSTOMER);
        }
    }
}
