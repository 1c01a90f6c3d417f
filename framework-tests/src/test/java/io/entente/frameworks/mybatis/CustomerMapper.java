package io.entente.frameworks.mybatis;

import java.math.BigDecimal;
import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Options;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

@Mapper
public interface CustomerMapper {

    @Insert("INSERT INTO customer (name, credit) VALUES (#{name}, #{credit})")
    @Options(useGeneratedKeys = true, keyProperty = "id")
    int insert(Customer customer);

    @Insert("""
            <script>
            INSERT INTO customer (name, credit) VALUES
            <foreach collection="list" item="each" separator=",">(#{each.name}, #{each.credit})</foreach>
            </script>""")
    @Options(useGeneratedKeys = true, keyProperty = "id", keyColumn = "id")
    int insertAll(@Param("list") List<Customer> customers);

    @Update("UPDATE customer SET credit = #{credit}, version = version + 1 WHERE id = #{id} AND version = #{version}")
    int update(Customer customer);

    @Select("SELECT id, name, credit, version FROM customer WHERE id = #{id} FOR UPDATE")
    Customer selectForUpdate(long id);

    @Select("SELECT id, name, credit, version FROM customer WHERE name = #{name}")
    Customer findByName(String name);

    @Update("""
            <script>
            UPDATE customer
            <set><if test="credit != null">credit = #{credit},</if><if test="name != null">name = #{name},</if></set>
            WHERE id IN <foreach collection="ids" item="id" open="(" separator="," close=")">#{id}</foreach>
            </script>""")
    int change(@Param("ids") List<Long> ids, @Param("credit") BigDecimal credit, @Param("name") String name);

    @Delete("DELETE FROM customer WHERE id = #{id}")
    int delete(long id);
}
